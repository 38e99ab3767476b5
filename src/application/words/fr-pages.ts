import type { enPages } from './en-pages.js';
import type { Translation } from './phrases.js';

export const frPages: Translation<typeof enPages> = {
  language: 'fr',
  title: 'Facture {number} de {branch}',
  skipToPayment: 'Aller au paiement',
  testMode: 'Test : aucun argent n’est débité',
  footer: 'Vous voyez cette page car {branch} vous a envoyé une facture.',
  privacy: 'Confidentialité',
  terms: 'Conditions',
  contact: 'Des questions ? Contactez {branch} :',
  callLabel: 'Appeler le {number}',
  writeLabel: 'Écrire à {address}',

  amountDue: 'Montant dû',
  amountPaid: 'Montant payé',
  invoiceTotal: 'Total de la facture',
  due: {
    today: 'À régler aujourd’hui',
    tomorrow: 'À régler demain',
    inDays: 'À régler dans {days, plural, one {# jour} other {# jours}}',
    overdueDays: 'En retard de {days, plural, one {# jour} other {# jours}}',
    on: '· le {date}',
    wasOn: '· échéance le {date}',
  },
  partiallyPaid: '{paid} sur {total} sont déjà payés.',
  changed: {
    total: 'Modifiée le {on} : le total était de {was}, il est maintenant de {is}.',
    due: 'Modifiée le {on} : l’échéance était le {was}, elle est maintenant le {is}.',
    details: 'Modifiée le {on} : le total et l’échéance restent les mêmes.',
  },
  payNow: 'PAYER',
  status: { paid: 'Payée', void: 'Annulée', partially_paid: 'Payée en partie', overdue: 'En retard' },

  document: {
    invoice: 'Facture',
    issued: 'Établie le',
    dueOn: 'Échéance',
    billedTo: 'Facturé à',
    caption: 'Détail de cette facture',
    description: 'Désignation',
    quantity: 'Quantité',
    price: 'Prix',
    amount: 'Montant',
    subtotal: 'Sous-total',
    tax: 'Taxes',
    total: 'Total',
    paid: 'Déjà payé',
    balance: 'Solde dû',
    download: 'Télécharger la facture',
  },

  payment: {
    heading: 'Payer par carte',
    oneTotal: '{total} par carte de débit ou de crédit, sans frais',
    bothTotals: '{low} par carte de débit · {high} au maximum par carte de crédit',
    otherWays: 'Autres moyens de paiement :',
    loading: 'Chargement du formulaire de carte…',
    notLoaded: 'Le formulaire de carte n’a pas pu être chargé. Vérifiez votre connexion, puis rechargez cette page.',
    cardMistake: 'Vérifiez les données de la carte.',
    proceed: 'Continuer',
    quoting: 'Calcul du montant exact…',
    reviewHeading: 'Vérifier et payer',
    invoiceBalance: 'Solde de la facture',
    fee: 'Frais de traitement',
    total: 'Total',
    paysWith: 'Carte',
    submit: 'Payer {total}',
    consentMissing:
      'Cochez la case pour accepter les frais, ou utilisez une autre carte : les cartes de débit et prépayées sont sans frais.',
    otherCard: 'Utiliser une autre carte',
    working: 'Paiement en cours… Gardez cette page ouverte.',
    bankWorking: 'Votre banque vous demande de confirmer le paiement.',
    totalChanged: 'Le total était de {before}, il est maintenant de {after}. Vérifiez-le avant de payer.',
    quoteReady: 'Le total est de {total}.',
    noScript:
      'Le paiement par carte nécessite JavaScript, qui est désactivé dans ce navigateur. La facture peut être lue et téléchargée sans lui.',
    noScriptNext: 'Activez JavaScript et rechargez cette page pour payer par carte.',
    notCharged: 'Le paiement n’a pas abouti et rien n’a été débité. Réessayez ou utilisez une autre carte.',
    away: 'Le service de paiement est injoignable. Réessayez dans un instant ; vous ne serez pas débité deux fois.',
    unsure: 'La connexion a été perdue. Nous vérifions l’issue du paiement ; vous ne serez pas débité deux fois.',
  },

  card: {
    branded: '{funding} {brand} se terminant par {last4}',
    plain: '{funding} se terminant par {last4}',
    credit: 'Carte de crédit',
    debit: 'Carte de débit',
    prepaid: 'Carte prépayée',
    unknown: 'Carte',
  },

  panels: {
    paid: {
      heading: 'Payée. Merci.',
      text: '{branch} a reçu votre paiement.',
      otherwise: 'Cette facture est payée. Vous n’avez plus rien à faire.',
      receiptComing: 'Votre reçu est en préparation et apparaîtra ici dans un instant.',
      sentTo: 'Une copie du reçu est envoyée à {recipient}.',
      amount: 'Montant de la facture',
      when: 'Payé le',
      receiptNumber: 'Numéro du reçu',
      downloadReceipt: 'Télécharger le reçu',
      email: {
        label: 'Adresse e-mail',
        button: 'M’envoyer le reçu par e-mail',
        onItsWay: 'Une copie du reçu est en route vers l’adresse que vous avez indiquée.',
        failed: 'Le reçu n’a pas pu être remis à l’adresse que vous avez indiquée.',
        invalid: 'Ce n’est pas une adresse e-mail à laquelle un reçu peut être envoyé.',
        exhausted: 'Trois adresses ont été indiquées, ce qui est le maximum. Vous pouvez télécharger le reçu ici.',
      },
    },
    void: {
      heading: 'Rien à payer : cette facture est annulée',
      text: '{branch} l’a annulée. Contactez-les si vous ne vous y attendiez pas.',
    },
    not_set_up: {
      heading: 'Le paiement en ligne n’est pas disponible',
      text: '{branch} n’accepte pas encore les cartes sur cette page. Contactez-les pour payer autrement.',
    },
    checking: {
      heading: 'Nous vérifions auprès de la banque',
      text: 'Vous ne serez pas débité deux fois. Vous pouvez fermer cette page ; nous vous écrirons.',
    },
    in_progress_elsewhere: {
      heading: 'Un paiement est en cours',
      text: 'Cette facture est en cours de paiement par un autre lien. Pour qu’elle ne soit payée qu’une fois, attendez la fin de ce paiement.',
      again: 'Vérifier à nouveau',
    },
    bank_step: {
      heading: 'Votre banque vous demande de confirmer',
      text: 'Le paiement attend une étape auprès de votre banque. Rien n’a encore été débité.',
      go: 'Continuer avec la banque',
      otherCard: 'Utiliser une autre carte',
    },
  },

  messages: {
    front: {
      heading: 'Chaque facture s’ouvre par son propre lien',
      text: 'Ouvrez le lien reçu par e-mail ou par SMS. Si vous ne le trouvez pas, demandez-en un nouveau à l’entreprise qui vous l’a envoyé.',
      staff: 'Accès du personnel',
    },
    unknown: {
      heading: 'Ce lien n’ouvre rien',
      text: 'Il manque peut-être une partie de l’adresse. Ouvrez à nouveau le lien de votre message, ou demandez-en un autre à l’entreprise qui vous l’a envoyé.',
    },
    withoutCookie: {
      heading: 'Ouvrez à nouveau le lien de votre message',
      text: 'Pour que votre facture reste privée, cette page ne s’ouvre que par le lien de votre e-mail ou SMS, et reste ouverte un jour dans ce navigateur.',
    },
    expired: {
      heading: 'Ce lien a expiré',
      text: 'Votre facture de {branch} est toujours là. Le nouveau lien part à la même adresse ou au même numéro que celui-ci.',
    },
    revoked: {
      heading: 'Ce lien a été retiré',
      text: 'Utilisez le dernier message reçu de {branch}, ou demandez un nouveau lien.',
    },
    askFreshLink: 'M’envoyer un nouveau lien',
    freshLinkAsked: {
      heading: 'Nous avons transmis votre demande',
      text: 'Si ce lien vous a été envoyé, un nouveau est en route vers la même adresse ou le même numéro. Sinon, {branch} verra votre demande.',
    },
    freshLinksExhausted: {
      heading: 'Déjà demandé assez souvent aujourd’hui',
      text: 'Un nouveau lien a été demandé trois fois en un jour. Regardez vos messages, ou contactez {branch}.',
    },
    away: {
      heading: 'Affichage impossible pour le moment',
      text: 'Réessayez dans une minute. Si vous venez de payer, vous ne serez pas débité deux fois.',
      again: 'Réessayer',
    },
    tooMany: {
      heading: 'Trop de tentatives',
      text: 'Attendez une minute, puis ouvrez à nouveau le lien de votre message.',
    },
    broken: {
      heading: 'Une erreur s’est produite de notre côté',
      text: 'Vous n’y êtes pour rien, et nous l’avons notée. Réessayez ; si vous venez de payer, vous ne serez pas débité deux fois.',
      again: 'Réessayer',
    },
  },

  receipt: {
    title: 'Reçu {number} de {branch}',
    heading: 'Reçu',
    number: 'Numéro du reçu',
    invoice: 'Facture',
    customer: 'Payé par',
    when: 'Payé le',
    card: 'Carte',
    amount: 'Montant de la facture',
    total: 'Total payé',
    download: 'Télécharger le reçu',
  },

  refusals: {
    quote_changed: 'Le montant a changé depuis son affichage. Vérifiez le nouveau total.',
    quote_expired: 'Le montant a été affiché il y a trop longtemps. Vérifiez-le à nouveau.',
    payment_in_progress: 'Un paiement de cette facture est en cours. Attendez qu’il se termine.',
    payment_unknown:
      'Nous vérifions encore un paiement antérieur auprès de la banque. Vous ne serez pas débité deux fois.',
    invoice_paid: 'Cette facture est déjà payée.',
    invoice_void: 'Cette facture a été annulée. Il n’y a rien à payer.',
    consent_missing: 'La case n’était pas cochée ; rien n’a été débité.',
    card_processing_not_set_up: 'Les paiements par carte ne sont pas disponibles ici.',
    link_expired: 'Ce lien a expiré.',
    link_revoked: 'Ce lien a été retiré.',
    card_refused: 'Le formulaire de carte a expiré. Appuyez à nouveau sur Continuer.',
    declines_paused: 'Trop de cartes ont été refusées sur ce lien. Attendez une heure, ou payez autrement.',
    attempts_paused: 'Trop de paiements ont été tentés d’ici. Attendez une heure, ou payez autrement.',
    not_from_this_page: 'La demande ne vient pas de cette page. Rechargez la page.',
    cookie_missing: 'Ouvrez à nouveau le lien de votre message.',
    malformed: 'La demande n’a pas été comprise. Rechargez la page.',
    away: 'C’est impossible pour le moment. Réessayez ; vous ne serez pas débité deux fois.',
    other: 'Cela n’a pas fonctionné. Rechargez la page.',
  },

  declines: {
    noReason: 'La carte a été refusée. Votre banque n’a pas donné de raison : essayez une autre carte ou appelez-la.',
    notConfirmed:
      'Votre banque n’a pas pu confirmer votre identité et rien n’a été débité. Réessayez ou utilisez une autre carte.',
    wrongCode: 'Le code de sécurité est incorrect. Vérifiez le code sur la carte et réessayez.',
    wrongNumber: 'Le numéro de carte est incorrect. Vérifiez-le et réessayez.',
    wrongDate: 'La date d’expiration est incorrecte. Vérifiez-la et réessayez.',
    wrongPostcode: 'Le code postal ne correspond pas à la carte. Vérifiez-le et réessayez.',
    wrongAddress: 'L’adresse de facturation ne correspond pas à la carte. Vérifiez-la et réessayez.',
    notSupported:
      'Cette carte ne peut pas servir à ce paiement. Essayez une autre carte ou renseignez-vous auprès de votre banque.',
    overLimit:
      'La carte a été refusée : le paiement dépasse son plafond. Essayez une autre carte ou renseignez-vous auprès de votre banque.',
    tryAgain:
      'La carte n’a pas pu être traitée et n’a pas été débitée. Réessayez dans un instant ou utilisez une autre carte.',
    callBank:
      'Votre banque souhaite d’abord vous parler : appelez le numéro inscrit sur la carte ou utilisez une autre carte.',
    notEnough: 'La carte a été refusée : son solde est insuffisant. Essayez une autre carte.',
    expired: 'La carte a expiré. Vérifiez la date d’expiration ou essayez une autre carte.',
  },
};
